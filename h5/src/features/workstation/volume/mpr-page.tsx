import './mpr.css';
import { type FoundVolumes, findVolumes, type VolumePlan } from '@yingyun/shared/volume/find-volumes';
import type { MprLayout } from '@yingyun/shared/volume/mpr-session';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { OpenFilm } from '../use-film';
import type { ViewerKit } from '../use-viewer-kit';
import { type MprStage, mountMprStage } from './mpr-stage';
import { MprToolBar } from './mpr-tool-bar';
import { text } from './text-zh';
import { useMprKeys } from './use-mpr-keys';

export interface MprPageProps {
  readonly film: OpenFilm;
  readonly seriesInstanceUid: string;
  readonly kit: ViewerKit | undefined;
  /** How the planes open: three, or one where there is no room for more. */
  readonly layout: MprLayout;
  readonly onClose: () => void;
  readonly onAccessLost: () => void;
}

/** The planes of a series, with their tools; or why it has none. */
export function MprPage(props: MprPageProps) {
  const { film, seriesInstanceUid } = props;
  const series = film.manifest.series.find((one) => one.seriesInstanceUid === seriesInstanceUid);
  const found = useMemo(() => (series === undefined ? undefined : findVolumes(series)), [series]);
  const [chosen, setChosen] = useState(0);
  const plan = found?.volumes[chosen];
  return (
    <section className="mpr" aria-label={text.title}>
      {found === undefined || plan === undefined ? (
        <Refusal found={found} onClose={props.onClose} />
      ) : (
        <Planes
          key={`${seriesInstanceUid} ${chosen}`}
          {...props}
          found={found}
          plan={plan}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
    </section>
  );
}

function Refusal({ found, onClose }: { readonly found: FoundVolumes | undefined; readonly onClose: () => void }) {
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <div className="mpr-refusal" role="alert">
      <strong>{text.faultTitle}</strong>
      <p>{text.faults[found?.fault ?? 'no-frames']}</p>
      <button ref={back} className="toggle" type="button" onClick={onClose}>
        {text.close}
      </button>
    </div>
  );
}

interface PlanesProps extends MprPageProps {
  readonly found: FoundVolumes;
  readonly plan: VolumePlan;
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function Planes(props: PlanesProps) {
  const { film, seriesInstanceUid, kit, found, plan } = props;
  const box = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<MprStage>();
  const [, drawAgain] = useReducer((turn: number) => turn + 1, 0);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const series = film.manifest.series.find((one) => one.seriesInstanceUid === seriesInstanceUid);
    if (box.current === null || kit === undefined || series === undefined) return;
    const mounted = mountMprStage(box.current, {
      film,
      series,
      plan,
      pool: kit.prepared.pool,
      onChange: drawAgain,
      onAccessLost: () => latest.current.onAccessLost(),
    });
    mounted.session.set({ layout: latest.current.layout });
    setStage(mounted);
    return () => {
      setStage(undefined);
      mounted.destroy();
    };
  }, [film, seriesInstanceUid, plan, kit]);
  useMprKeys(stage?.session, props.onClose);
  const series = film.manifest.series.find((one) => one.seriesInstanceUid === seriesInstanceUid);
  const facts = factsOf(found, plan, stage?.damaged.size ?? 0);
  return (
    <>
      <MprToolBar
        series={series}
        stage={stage}
        volumes={found.volumes}
        chosen={props.chosen}
        onChoose={props.onChoose}
        onClose={props.onClose}
      />
      {facts.length > 0 && <p className="mpr-facts">{facts.join(' · ')}</p>}
      <div ref={box} className="mpr-box" />
    </>
  );
}

/** What a reader has to know about how this volume came to be. */
function factsOf(found: FoundVolumes, plan: VolumePlan, damaged: number): string[] {
  const tilt = Math.round(plan.tiltDegrees * 10) / 10;
  return [
    ...(plan.missing > 0 ? [text.missing(plan.missing)] : []),
    ...(damaged > 0 ? [text.damaged(damaged)] : []),
    ...(tilt >= 0.5 ? [text.tilt(tilt)] : []),
    ...(plan.duplicates > 0 ? [text.duplicates(plan.duplicates)] : []),
    ...(found.leftOut > plan.duplicates ? [text.leftOut(found.leftOut - plan.duplicates)] : []),
  ];
}
