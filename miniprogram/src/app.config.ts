// The main package holds what the first screen needs; reading a film, sharing and binding come as packages of their own.
export default {
  pages: ['pages/films/index', 'pages/sign-in/index', 'pages/account/index'],
  subPackages: [
    { root: 'subpackages/film', pages: ['film/index', 'shared/index'] },
    { root: 'subpackages/shares', pages: ['shares/index', 'new-share/index'] },
    { root: 'subpackages/link', pages: ['link/index'] },
  ],
  preloadRule: { 'pages/films/index': { network: 'all', packages: ['subpackages/film'] } },
  window: {
    navigationBarTitleText: '云胶片',
    navigationBarBackgroundColor: '#0b5a60',
    navigationBarTextStyle: 'white',
    backgroundColor: '#eef3f3',
    backgroundTextStyle: 'dark',
  },
};
