export default { navigationBarTitleText: '分享记录' };
