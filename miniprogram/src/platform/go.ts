import Taro from '@tarojs/taro';

/** The app's pages and the ways between them. Addresses hold ids only. */
export const go = {
  films: () => void Taro.reLaunch({ url: '/pages/films/index' }),
  signIn: () => void Taro.reLaunch({ url: '/pages/sign-in/index' }),
  account: () => void Taro.navigateTo({ url: '/pages/account/index' }),
  link: () => void Taro.navigateTo({ url: '/subpackages/link/link/index' }),
  film: (filmId: string) => void Taro.navigateTo({ url: `/subpackages/film/film/index?film=${filmId}` }),
  /** Another exam in place of this one: going back leads to the list, not through every exam looked at. */
  otherFilm: (filmId: string) => void Taro.redirectTo({ url: `/subpackages/film/film/index?film=${filmId}` }),
  shares: () => void Taro.navigateTo({ url: '/subpackages/shares/shares/index' }),
  newShare: (filmId: string) => void Taro.navigateTo({ url: `/subpackages/shares/new-share/index?film=${filmId}` }),
  back: () => void Taro.navigateBack(),
};
