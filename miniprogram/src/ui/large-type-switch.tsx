import { View } from '@tarojs/components';
import { useLargeType } from './large-type';
import { Press } from './press';

/** Elder mode on and off, in its own words. */
export function LargeTypeSwitch() {
  const { isLarge, setLarge } = useLargeType();
  return (
    <View className="large-type">
      <Press look="plain" onPress={() => setLarge(!isLarge)}>
        {isLarge ? '恢复标准字号' : '字太小？切换到长辈大字版'}
      </Press>
    </View>
  );
}
