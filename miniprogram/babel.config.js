// Taro's own preset; it reads the target from TARO_ENV.
module.exports = { presets: [['taro', { framework: 'react', ts: true, compiler: 'webpack5' }]] };
