import { bodyRegions, examReportStatuses, examStates } from '@yingyun/shared/contract/exam-routes';
import { useId } from 'react';
import { type ExamQuery, filterCount, openQuery } from './exam-query';
import { text } from './text-zh';

interface FiltersProps {
  readonly query: ExamQuery;
  readonly onChange: (query: ExamQuery) => void;
}

/** Days, modality, report, region, film state. Every choice acts at once. */
export function ExamFilters({ query, onChange }: FiltersProps) {
  const toggle = (codes: readonly string[]) => {
    const isOn = codes.every((code) => query.modalities.includes(code));
    const others = query.modalities.filter((code) => !codes.includes(code));
    onChange({ ...query, modalities: isOn ? others : [...others, ...codes] });
  };
  return (
    <div className="filters">
      <div className="chips-row" role="group" aria-label={text.period}>
        {(['all', 'today', 'week', 'month'] as const).map((period) => (
          <button
            key={period}
            className="toggle"
            type="button"
            aria-pressed={query.period === period}
            onClick={() => onChange({ ...query, period, from: '', to: '' })}
          >
            {text.periods[period]}
          </button>
        ))}
        <span className="days">
          <DayField
            label={text.from}
            value={query.from}
            onChange={(from) => onChange({ ...query, period: 'days', from })}
          />
          <span aria-hidden="true">–</span>
          <DayField label={text.to} value={query.to} onChange={(to) => onChange({ ...query, period: 'days', to })} />
        </span>
      </div>
      <div className="chips-row" role="group" aria-label={text.modality}>
        {text.modalities.map(({ name, codes }) => (
          <button
            key={name}
            className="toggle"
            type="button"
            aria-pressed={codes.every((code) => query.modalities.includes(code))}
            onClick={() => toggle(codes)}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="selects">
        <Choice
          label={text.report}
          value={query.reportStatus}
          options={examReportStatuses}
          nameOf={(one) => text.reports[one]}
          onChange={(reportStatus) => onChange({ ...query, reportStatus })}
        />
        <Choice
          label={text.region}
          value={query.bodyRegion}
          options={bodyRegions}
          nameOf={(one) => text.regions[one]}
          onChange={(bodyRegion) => onChange({ ...query, bodyRegion })}
        />
        <Choice
          label={text.film}
          value={query.state}
          options={examStates}
          nameOf={(one) => text.states[one]}
          onChange={(state) => onChange({ ...query, state })}
        />
        {filterCount(query) > 0 && (
          <button className="plain" type="button" onClick={() => onChange({ ...openQuery, q: query.q })}>
            {text.clearFilters}
          </button>
        )}
      </div>
    </div>
  );
}

function DayField(props: { readonly label: string; readonly value: string; readonly onChange: (day: string) => void }) {
  return (
    <input
      className="day"
      type="date"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T | '';
  readonly options: readonly T[];
  readonly nameOf: (option: T) => string;
  readonly onChange: (value: T | '') => void;
}

function Choice<T extends string>({ label, value, options, nameOf, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <span className="choice" data-set={value !== ''}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as T | '')}>
        <option value="">{text.any}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {nameOf(option)}
          </option>
        ))}
      </select>
    </span>
  );
}
