import { createContext, type PropsWithChildren, useContext, useEffect, useState } from 'react';
import { kept } from '../platform/kept';

interface LargeType {
  readonly isLarge: boolean;
  setLarge(isLarge: boolean): void;
}

const keptName = 'yingyun.large-type';
const LargeTypeContext = createContext<LargeType>({ isLarge: false, setLarge: () => {} });

/** Elder mode: type a quarter larger everywhere, controls with it. Kept on the device; it says nothing about a person. */
export function LargeTypeProvider({ children }: PropsWithChildren) {
  const [isLarge, setIsLarge] = useState(false);
  useEffect(() => {
    void kept.read(keptName).then((text) => setIsLarge(text === 'yes'));
  }, []);
  const setLarge = (next: boolean) => {
    setIsLarge(next);
    void kept.write(keptName, next ? 'yes' : 'no');
  };
  return <LargeTypeContext.Provider value={{ isLarge, setLarge }}>{children}</LargeTypeContext.Provider>;
}

export function useLargeType(): LargeType {
  return useContext(LargeTypeContext);
}
