import { View } from '@tarojs/components';

export default function Waiting() {
  return <View className="page" />;
}
