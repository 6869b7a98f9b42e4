export default { navigationBarTitleText: '我的影像', enablePullDownRefresh: true };
