import { View } from '@tarojs/components';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';

interface FilmViewerProps {
  readonly film: FilmManifest;
  readonly isFull: boolean;
  readonly onFull: () => void;
  readonly onChanged: () => void;
  readonly onAccessLost: () => void;
}

export function FilmViewer({ film }: FilmViewerProps) {
  return <View className="stage">{film.completeness.text}</View>;
}
