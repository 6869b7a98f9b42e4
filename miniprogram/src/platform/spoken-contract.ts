/** What a screen reader says a plain View is. */
export type SpokenRole = 'alert' | 'button' | 'group' | 'heading' | 'radio' | 'status';

export interface SpokenMore {
  /** Where no words stand in it. */
  readonly label?: string;
  /** Chosen, of a choice; pressed, of a tool. */
  readonly isOn?: boolean;
  readonly isOff?: boolean;
}
