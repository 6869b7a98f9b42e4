import { View } from '@tarojs/components';
import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { PatientShareItem } from '@yingyun/shared/contract/patient-routes';
import { useCallback, useEffect, useState } from 'react';
import { askYes, say } from '../../platform/ask-yes';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { examWords, instantWords, remainingWords } from '../../ui/format-time';
import { Empty } from '../../ui/notice';
import { Press } from '../../ui/press';
import { text } from './text-zh';

/** Every share the person made, with what became of it. */
export function ShareList({ onFilms }: { onFilms: () => void }) {
  const { session } = useApp();
  const [shares, setShares] = useState<readonly PatientShareItem[] | ApiFailure | null>(null);
  const load = useCallback(async () => {
    const result = await session.call('patientShares', {});
    setShares(result.ok ? result.value.shares : result);
  }, [session]);
  useEffect(() => {
    void load();
  }, [load]);
  const revoke = async (share: PatientShareItem) => {
    const question = { title: text.revokeTitle, words: text.revokeWords, yes: text.revokeYes, no: text.revokeNo };
    if (!(await askYes(question))) return;
    const result = await session.call('revokePatientShare', { params: { shareId: share.shareId } });
    say(result.ok ? text.revoked : failureWords(result));
    await load();
  };
  if (shares === null) return <View className="bone bone-block" />;
  if ('ok' in shares)
    return (
      <Empty
        title={text.failed}
        words={failureWords(shares)}
        action={{ words: text.retry, onPress: () => void load() }}
      />
    );
  if (shares.length === 0)
    return <Empty title={text.none} words={text.noneWords} action={{ words: text.toFilms, onPress: onFilms }} />;
  return (
    <View>
      {shares.map((share) => (
        <ShareCard key={share.shareId} share={share} onRevoke={() => void revoke(share)} />
      ))}
    </View>
  );
}

function ShareCard({ share, onRevoke }: { share: PatientShareItem; onRevoke: () => void }) {
  return (
    <View className="card">
      <View className="film-card-head">
        <View className="film-card-title">{share.examItem}</View>
        <View className={`chip chip-${share.state}`}>{text.state[share.state]}</View>
      </View>
      <View className="film-card-where">{examWords(share.examAt)}</View>
      <View>
        {text.purposes[share.purpose]} · {text.viewed(share.views, share.maxViews)}
        {share.state === 'active' ? ` · ${text.left(remainingWords(share.expiresAt, Date.now()))}` : ''}
      </View>
      <View className="film-card-where">
        {share.lastViewedAt === null ? text.neverViewed : text.lastViewed(instantWords(share.lastViewedAt))}
      </View>
      {(share.state === 'active' || share.state === 'locked') && (
        <Press look="quiet" className="card-action" onPress={onRevoke}>
          {text.revoke}
        </Press>
      )}
    </View>
  );
}
