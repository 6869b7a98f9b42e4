import { useEffect, useState } from 'react';

/** Phone below 700 CSS pixels, tablet below 1100: as workstation.css has them. */
export type Screen = 'phone' | 'tablet' | 'desk';

const narrow = '(max-width: 699.98px)';
const middle = '(max-width: 1099.98px)';

export function useScreen(): Screen {
  const [screen, setScreen] = useState(screenNow);
  useEffect(() => {
    const queries = [matchMedia(narrow), matchMedia(middle)];
    const follow = () => setScreen(screenNow());
    for (const query of queries) query.addEventListener('change', follow);
    return () => {
      for (const query of queries) query.removeEventListener('change', follow);
    };
  }, []);
  return screen;
}

function screenNow(): Screen {
  if (matchMedia(narrow).matches) return 'phone';
  return matchMedia(middle).matches ? 'tablet' : 'desk';
}
