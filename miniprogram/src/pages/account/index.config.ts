export default { navigationBarTitleText: '账号与绑定' };
