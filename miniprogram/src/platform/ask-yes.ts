import Taro from '@tarojs/taro';

/** Asks before something that can't be undone. False also where the question was dismissed. */
export async function askYes(question: { title: string; words: string; yes: string; no: string }): Promise<boolean> {
  const { confirm } = await Taro.showModal({
    title: question.title,
    content: question.words,
    confirmText: question.yes, // WeChat takes four characters
    cancelText: question.no,
    confirmColor: '#a3261f',
  });
  return confirm;
}

/** A short word that goes by itself. */
export function say(words: string): void {
  void Taro.showToast({ title: words, icon: 'none', duration: 2000 });
}
