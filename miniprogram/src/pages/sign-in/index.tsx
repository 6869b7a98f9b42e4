import { View } from '@tarojs/components';
import { SignInForm } from '../../features/sign-in/sign-in-form';
import { text } from '../../features/sign-in/text-zh';
import { go } from '../../platform/go';
import { LargeTypeSwitch } from '../../ui/large-type-switch';
import { Page } from '../../ui/page';

export default function SignInPage() {
  return (
    <Page className="page-calm">
      <View className="welcome">
        <View className="welcome-mark" />
        <View className="welcome-title">{text.title}</View>
        <View className="welcome-words">{text.subtitle}</View>
      </View>
      <SignInForm onSignedIn={go.films} />
      <LargeTypeSwitch />
    </Page>
  );
}
