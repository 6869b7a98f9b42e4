import type { ApiClient, ApiFailure } from '@yingyun/shared/contract/api-client';
import { byId } from '../../lib/element';
import { warmViewer } from '../../lib/mount-viewer-lazily';
import { passcodeLength } from '../../lib/passcode';
import { warmGraphics } from '../../lib/warm-graphics';
import { attachFilmLayout } from './film-layout';
import { openFilm } from './open-film';
import { attachPasscodeField } from './passcode-field';
import { text } from './text-zh';

type Screen = 'gate' | 'film' | 'lost';

/**
 * The share page: passcode, then film, then (where access ends) a page that says so. The page asks the server nothing before
 * the passcode is entered, so it looks the same for every link; the access token lives in memory, a reload asks again.
 */
export function startSharePage(client: ApiClient, token: string): void {
  const form = byId('gate-form', HTMLFormElement);
  const input = byId('passcode', HTMLInputElement);
  const error = byId('gate-error', HTMLElement);
  const button = byId('gate-open', HTMLButtonElement);
  const field = attachPasscodeField(input);
  const layout = attachFilmLayout();
  attachConnectionState();

  const complain = (words: string) => {
    error.textContent = words;
    input.setAttribute('aria-invalid', 'true');
    input.focus();
    input.select();
  };
  input.addEventListener('input', () => {
    error.textContent = '';
    input.removeAttribute('aria-invalid');
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  const submit = async () => {
    if (button.disabled) return;
    if (field.code().length !== passcodeLength) return complain(text.codeIncomplete);
    setBusy(button, true);
    const opened = await client.call('openShare', { body: { token, passcode: field.code() } });
    if (!opened.ok) {
      setBusy(button, false);
      return complain(wordsFor(opened));
    }
    showScreen('film');
    openFilm(client, opened.value, mountViewer, (why) => {
      byId('lost-title', HTMLElement).textContent = why === 'timed-out' ? text.timedOutTitle : text.lostTitle;
      byId('lost-text', HTMLElement).textContent = why === 'timed-out' ? text.timedOutText : text.lostText;
      showScreen('lost');
      byId('lost-title', HTMLElement).focus();
    });
    setBusy(button, false);
    field.clear();
    error.textContent = '';
    layout.reset();
    // Focusing lays the page out: in the next frame, which has to do so anyway.
    requestAnimationFrame(() => byId('film', HTMLElement).focus({ preventScroll: true }));
  };
  byId('lost-again', HTMLButtonElement).addEventListener('click', () => {
    showScreen('gate');
    input.focus();
  });
  // Someone was quicker than the script: a whole code stands there already, and their Enter went nowhere.
  if (field.code().length === passcodeLength) void submit();
  const graphicsWarm = warmGraphicsInTime();
  const mountViewer = warmViewer(graphicsWarm);
  fetchWherePrefetchIsUnknown();
}

/**
 * When to warm WebGL, which stalls a weak device's screen for a while: soon, while a person types; whoever was quicker than that
 * gets the first images first.
 */
function warmGraphicsInTime(): () => Promise<void> {
  const soonMs = 700;
  const afterFirstImageMs = 1500;
  let warming: Promise<void> | undefined;
  const warm = () => {
    warming ??= warmGraphics();
    return warming;
  };
  setTimeout(() => {
    if (!byId('gate', HTMLElement).hidden && !byId('gate-open', HTMLButtonElement).disabled) void warm();
  }, soonMs);
  return () => warming ?? new Promise((resolve) => setTimeout(() => void warm().then(resolve), afterFirstImageMs));
}

function showScreen(screen: Screen): void {
  for (const id of ['gate', 'film', 'lost'] as const) byId(id, HTMLElement).hidden = id !== screen;
  document.documentElement.dataset['screen'] = screen;
}

function setBusy(button: HTMLButtonElement, isBusy: boolean): void {
  button.disabled = isBusy;
  button.setAttribute('aria-busy', String(isBusy));
  button.textContent = isBusy ? text.opening : text.open;
}

/** One sentence for unknown, expired, revoked, used-up and wrong; others only where they tell nothing about the link. */
function wordsFor(failure: ApiFailure): string {
  if (failure.code === 'offline') return text.offline;
  if (failure.code === 'share-locked' || failure.code === 'too-many-requests') {
    const minutes = Math.ceil((failure.retryAfterSeconds ?? 0) / 60);
    return minutes > 0 ? text.tooManyMinutes(minutes) : text.tooMany;
  }
  if (failure.status >= 500) return text.busy;
  return text.unavailable;
}

/** Safari knows no prefetch: there, an ordinary request fills the cache for the decoder's worker and wasm. */
function fetchWherePrefetchIsUnknown(): void {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="prefetch"]')];
  for (const link of links) if (!link.relList.supports('prefetch')) fetch(link.href).catch(() => undefined);
}

function attachConnectionState(): void {
  const line = byId('connection', HTMLElement);
  const tell = () => {
    line.textContent = navigator.onLine ? '' : text.connectionLost;
  };
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  tell();
}
