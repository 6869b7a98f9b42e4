export default { navigationBarTitleText: '影像与报告', disableScroll: true };
