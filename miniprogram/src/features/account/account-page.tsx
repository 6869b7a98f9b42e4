import { View } from '@tarojs/components';
import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { PatientAccount, PatientLinkItem } from '@yingyun/shared/contract/patient-routes';
import { useCallback, useEffect, useState } from 'react';
import { askYes, say } from '../../platform/ask-yes';
import { spoken } from '../../platform/spoken';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { instantWords } from '../../ui/format-time';
import { useLargeType } from '../../ui/large-type';
import { Empty } from '../../ui/notice';
import { Press } from '../../ui/press';
import { text } from './text-zh';

/** Who is signed in, whose records are bound, large type, the way out. `shownCount` changes when the page comes back into view. */
export function AccountPage({ onLink, shownCount }: { onLink: () => void; shownCount: number }) {
  const { session } = useApp();
  const [account, setAccount] = useState<PatientAccount | ApiFailure | null>(null);
  const load = useCallback(async () => {
    const result = await session.call('patientAccount', {});
    setAccount(result.ok ? result.value : result);
  }, [session]);
  useEffect(() => {
    if (shownCount >= 0) void load();
  }, [load, shownCount]);

  const unlink = async (link: PatientLinkItem) => {
    const words = text.unlinkWords(link.nameMasked, link.hospitalName);
    const question = { title: text.unlinkTitle, words, yes: text.unlinkYes, no: text.unlinkNo };
    if (!(await askYes(question))) return;
    const result = await session.call('removeLink', { params: { linkId: link.linkId } });
    if (result.ok) await session.forgetFilms();
    say(result.ok ? text.unlinked : failureWords(result));
    await load();
  };
  return (
    <View>
      {account === null && <View className="bone bone-block" />}
      {account !== null && 'ok' in account && (
        <Empty
          title={text.failed}
          words={failureWords(account)}
          action={{ words: text.retry, onPress: () => void load() }}
        />
      )}
      {account !== null && 'phoneMasked' in account && (
        <View>
          <View className="card pair">
            <View>{text.phone}</View>
            <View className="pair-value">{account.phoneMasked}</View>
          </View>
          <View className="year">{text.links}</View>
          {account.links.map((link) => (
            <LinkCard key={link.linkId} link={link} onUnlink={() => void unlink(link)} />
          ))}
          <Press look={account.links.length === 0 ? 'main' : 'quiet'} onPress={onLink}>
            {account.links.length === 0 ? text.add : text.addMore}
          </Press>
        </View>
      )}
      <LargeTypeRow />
      <SignOut />
    </View>
  );
}

function LinkCard({ link, onUnlink }: { link: PatientLinkItem; onUnlink: () => void }) {
  return (
    <View className="card">
      <View className="film-card-head">
        <View className="film-card-title">{[link.nameMasked, text.sex[link.sex]].join('  ')}</View>
      </View>
      <View>{link.hospitalName}</View>
      <View className="film-card-where">{text.linkedAt(instantWords(link.linkedAt))}</View>
      <Press look="quiet" className="card-action" onPress={onUnlink}>
        {text.unlink}
      </Press>
    </View>
  );
}

function LargeTypeRow() {
  const { isLarge, setLarge } = useLargeType();
  return (
    <View
      className="card large-row"
      {...spoken('button', { isOn: isLarge })}
      hoverClass="card-down"
      onClick={() => setLarge(!isLarge)}
    >
      <View>
        <View className="film-card-title">{text.largeType}</View>
        <View className="film-card-where">{isLarge ? text.largeOn : text.largeOff}</View>
      </View>
      <View className={`knob ${isLarge ? 'knob-on' : ''}`}>
        <View className="knob-dot" />
      </View>
    </View>
  );
}

function SignOut() {
  const { session } = useApp();
  const signOut = async () => {
    const question = {
      title: text.signOutTitle,
      words: text.signOutWords,
      yes: text.signOutYes,
      no: text.signOutNo,
    };
    if (await askYes(question)) await session.signOut();
  };
  return (
    <Press look="quiet" onPress={() => void signOut()}>
      {text.signOut}
    </Press>
  );
}
