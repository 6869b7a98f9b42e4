export default { navigationBarTitleText: '绑定就诊档案' };
