import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { useEffect, useRef } from 'react';
import { renderReport } from '../../ui/report-view';

/** The exam's report as it goes on paper: all that is left of the workstation while it prints, and nothing otherwise. */
export function PrintedReport({ film }: { readonly film: FilmManifest }) {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const lay = () => sheet.current?.replaceChildren(renderReport(film));
    const clear = () => sheet.current?.replaceChildren();
    window.addEventListener('beforeprint', lay);
    window.addEventListener('afterprint', clear);
    return () => {
      window.removeEventListener('beforeprint', lay);
      window.removeEventListener('afterprint', clear);
    };
  }, [film]);
  return <div ref={sheet} className="printed-report" />;
}
