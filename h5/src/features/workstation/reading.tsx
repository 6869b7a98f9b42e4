import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { KeyAction, Tool } from '@yingyun/shared/imaging/gesture-actions';
import { useEffect, useRef, useState } from 'react';
import { formatExamAt } from '../../lib/format-time';
import { useKeptBooks } from '../../measure/use-kept-books';
import { useMeasuring } from '../../measure/use-measuring';
import type { StaffApi } from '../../staff/staff-session';
import type { ViewerHandle, ViewerState } from '../../viewer/viewer-contract';
import { RelatedPanel, useRelated } from './related-panel';
import { ReportPanel } from './report-panel';
import { SeriesRail } from './series-rail';
import { text } from './text-zh';
import { ToolBar } from './tool-bar';
import type { OpenFilm } from './use-film';
import type { WorkstationRoute } from './use-route';
import { useScreen } from './use-screen';
import { useScrollLink } from './use-scroll-link';
import { useShortcuts } from './use-shortcuts';
import { useThumbnails } from './use-thumbnails';
import type { ViewerKit } from './use-viewer-kit';
import { Viewport } from './viewport';
import {
  type Layout,
  openingViewports,
  type Placed,
  withActive,
  withEnlarged,
  withLayout,
  withSeries,
} from './viewports';
import { VolumeButton, VolumeDoor } from './volume/volume-door';

interface ReadingProps {
  readonly api: StaffApi;
  readonly kit: ViewerKit | undefined;
  readonly main: OpenFilm;
  readonly beside: OpenFilm | undefined;
  readonly besideId: string | undefined;
  readonly onGo: (route: WorkstationRoute) => void;
  readonly onBack: () => void;
  readonly onPanelOpen: () => void;
}

type Tab = keyof typeof text.panelTabs;

/** Viewports, tools, series, report: what a doctor reads an exam with. */
export function Reading({ api, kit, main, beside, besideId, onGo, onBack }: ReadingProps) {
  const screen = useScreen();
  const { filmId } = main.manifest;
  const films = beside === undefined ? [main] : [main, beside];
  const all = films.flatMap(({ manifest }) => seriesOf(manifest));
  const [viewports, setViewports] = useState(() => openingViewports(seriesOf(main.manifest), []));
  const [tool, setTool] = useState<Tool>('scroll');
  const [showsInfo, setShowsInfo] = useState(true);
  const [hasFirstImage, setHasFirstImage] = useState(false);
  const [states, setStates] = useState<Readonly<Record<number, ViewerState>>>({});
  const [tab, setTab] = useState<Tab>('report');
  const [volumeOf, setVolumeOf] = useState<Placed>();
  const handles = useRef(new Map<number, ViewerHandle>());
  const keptBooks = useKeptBooks(api);
  const measuring = useMeasuring({
    tool,
    active: viewports.active,
    isReady: hasFirstImage,
    keptBooks,
    onClose: () => setTool('scroll'),
  });
  const scrolling = useScrollLink(films, handles);
  const related = useRelated(api, filmId);
  const mainPictures = useThumbnails(kit, main, hasFirstImage);
  const besidePictures = useThumbnails(kit, beside, hasFirstImage);

  const besideManifest = beside?.manifest;
  useEffect(() => {
    if (besideManifest === undefined && besideId !== undefined) return; // on its way
    setViewports((old) => {
      const hadBeside = old.slots.some((slot) => slot !== undefined && slot.filmId !== filmId);
      if (besideManifest !== undefined) return openingViewports(seriesOf(main.manifest), seriesOf(besideManifest));
      return hadBeside ? openingViewports(seriesOf(main.manifest), []) : old;
    });
  }, [besideManifest, besideId, filmId, main.manifest]);

  const layouts: readonly Layout[] = screen === 'phone' ? [1] : [1, 2, 4];
  const layout = screen === 'phone' ? 1 : viewports.layout;
  const shownIndex = layout === 1 && viewports.layout > 1 ? viewports.active : undefined;
  const choose = (wanted: Layout) => {
    if (layouts.includes(wanted)) setViewports((old) => withLayout(old, wanted, all));
  };
  const press = (action: KeyAction) => handles.current.get(viewports.active)?.press(action);
  const put = (placed: Placed, index = viewports.active) => setViewports((old) => withSeries(old, index, placed));
  useShortcuts({
    onLayout: choose,
    onPress: press,
    onBack: () => (viewports.isEnlarged ? setViewports((old) => withEnlarged(old, old.active)) : onBack()),
  });

  // Any viewer of that exam shows it over the page.
  const openDocument = (of: string, sopInstanceUid: string) => {
    const at = viewports.slots.findIndex((slot, i) => slot?.filmId === of && handles.current.has(i));
    handles.current.get(at)?.openDocument(sopInstanceUid);
  };
  const rails = films.map((film, i) => (
    <SeriesRail
      key={film.manifest.filmId}
      film={film.manifest}
      heading={films.length < 2 ? '' : railHeading(film.manifest, i)}
      pictures={i === 0 ? mainPictures : besidePictures}
      viewports={{ ...viewports, layout }}
      onPick={put}
      onDocument={openDocument}
    />
  ));
  const activeFilm = films.find((film) => film.manifest.filmId === viewports.slots[viewports.active]?.filmId) ?? main;
  const shownTab = tab === 'series' && screen !== 'phone' ? 'report' : tab;
  const tabs = (Object.keys(text.panelTabs) as Tab[]).filter((one) => one !== 'series' || screen === 'phone'); // its keys are the tabs

  const volumeFilm = films.find((film) => film.manifest.filmId === volumeOf?.filmId);
  const images = (
    <>
      <ToolBar
        tool={tool}
        showsInfo={showsInfo}
        state={states[viewports.active]}
        layout={layout}
        layouts={layouts}
        onTool={setTool}
        onPress={press}
        onWindow={({ window }) => handles.current.get(viewports.active)?.setWindow(window)}
        onInfo={() => setShowsInfo(!showsInfo)}
        onOverlays={() =>
          handles.current.get(viewports.active)?.setShowsOverlays(states[viewports.active]?.showsOverlays !== true)
        }
        onLayout={choose}
        isLinked={scrolling.isOn}
        onLink={() => scrolling.setOn(!scrolling.isOn)}
      >
        <VolumeButton
          isOff={(states[viewports.active]?.frameCount ?? 0) < 2}
          onPress={() => setVolumeOf(viewports.slots[viewports.active])}
        />
      </ToolBar>
      <div ref={measuring.host} className="measure-host" />
      {screen !== 'phone' && (
        <nav className="rail scrolls" aria-label={text.seriesRail}>
          {rails}
        </nav>
      )}
      <main className="viewports" data-layout={viewports.isEnlarged ? 1 : layout}>
        {viewports.slots.slice(0, viewports.layout).map((slot, index) => {
          const film = films.find((one) => one.manifest.filmId === slot?.filmId);
          const only = viewports.isEnlarged ? viewports.active : shownIndex;
          return (
            <Viewport
              key={`${index} ${slot?.filmId}`} // another exam is another viewer
              index={index}
              kit={kit}
              film={film}
              seriesInstanceUid={film === undefined ? undefined : slot?.seriesInstanceUid}
              isActive={index === viewports.active && layout > 1 && !viewports.isEnlarged}
              isHidden={only !== undefined && only !== index}
              viewers={{ phone: 1, tablet: 2, desk: 4 }[screen]}
              tool={tool}
              showsInfo={showsInfo}
              onActivate={(at) => setViewports((old) => withActive(old, at))}
              onState={(at, state) => {
                scrolling.shows(at, state);
                setStates((old) => (isEqual(old[at], state) ? old : { ...old, [at]: state }));
              }}
              onHandle={(at, handle) => {
                if (handle === undefined) handles.current.delete(at);
                else handles.current.set(at, handle);
                measuring.mounted(at, handle, slot?.filmId);
              }}
              onFirstImage={() => setHasFirstImage(true)}
              onDropped={(at, placed) => put(placed, at)}
              onEnlarge={(at) => {
                if (layout > 1) setViewports((old) => withEnlarged(old, at));
                return layout > 1;
              }}
              onAccessLost={() => api.accessLost()}
            />
          );
        })}
      </main>
    </>
  );

  return (
    <>
      {volumeOf === undefined || volumeFilm === undefined ? (
        images
      ) : (
        <VolumeDoor
          film={volumeFilm}
          seriesInstanceUid={volumeOf.seriesInstanceUid}
          kit={kit}
          layout={3}
          onClose={() => setVolumeOf(undefined)}
          onAccessLost={() => api.accessLost()}
        />
      )}
      <aside className="panel" aria-label={text.panel}>
        <div className="tabs" role="tablist">
          {tabs.map((one) => (
            <button key={one} type="button" role="tab" aria-selected={shownTab === one} onClick={() => setTab(one)}>
              {text.panelTabs[one]}
              {one === 'related' && (related.exams?.length ?? 0) > 0 && (
                <span className="badge">{related.exams?.length}</span>
              )}
            </button>
          ))}
        </div>
        <div className="panel-body scrolls" role="tabpanel" tabIndex={0} aria-label={text.panelTabs[shownTab]}>
          {shownTab === 'series' && <div className="rail-sheet">{rails}</div>}
          {shownTab === 'report' && (
            <>
              {films.length > 1 && (
                <p className="panel-of dim">{railHeading(activeFilm.manifest, films.indexOf(activeFilm))}</p>
              )}
              <ReportPanel key={activeFilm.manifest.filmId} api={api} film={activeFilm.manifest} />
            </>
          )}
          {shownTab === 'related' && (
            <RelatedPanel
              related={related}
              besideId={besideId}
              onBeside={screen === 'phone' ? undefined : (id) => onGo({ filmId, besideId: id })}
              onOpen={(id) => onGo({ filmId: id, besideId: undefined })}
            />
          )}
        </div>
      </aside>
    </>
  );
}

/** What can stand in a viewport; where nothing has an image, the first says so there. */
function seriesOf(film: FilmManifest): Placed[] {
  const withImages = film.series.filter((series) => series.frames.length > 0);
  return (withImages.length > 0 ? withImages : film.series.slice(0, 1)).map(({ seriesInstanceUid }) => ({
    filmId: film.filmId,
    seriesInstanceUid,
  }));
}

function railHeading(film: FilmManifest, index: number): string {
  const name = `${formatExamAt(film.examAt).slice(0, 10)} ${film.examItem}`;
  return index === 0 ? name : text.besideOf(name);
}

/** Whether the tool bar would look the same: a scroll through slices must not draw the page again. */
function isEqual(one: ViewerState | undefined, other: ViewerState): boolean {
  return (
    one?.seriesInstanceUid === other.seriesInstanceUid &&
    one.frameCount > 1 === other.frameCount > 1 &&
    one.isPlaying === other.isPlaying &&
    one.isInverted === other.isInverted &&
    one.hasOverlays === other.hasOverlays &&
    one.showsOverlays === other.showsOverlays &&
    one.windowChoices.length === other.windowChoices.length
  );
}
