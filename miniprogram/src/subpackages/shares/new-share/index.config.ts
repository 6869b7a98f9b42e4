export default { navigationBarTitleText: '分享影像', enableShareAppMessage: true };
