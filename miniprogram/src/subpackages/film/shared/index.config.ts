export default { navigationBarTitleText: '分享的影像', disableScroll: true };
