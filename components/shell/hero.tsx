import type { ReactNode } from 'react';
import { Icon } from '#components/ui/icon';
import { Weave } from './weave.tsx';

type HeroProps = {
  title: string;
  lead: string;
  actions: ReactNode;
  /** What a person most wants to be sure of. */
  promises?: readonly string[];
};

/** What somebody sees first. */
export function Hero({ title, lead, actions, promises = [] }: HeroProps) {
  return (
    <div className="deep-panel relative overflow-hidden rounded-panel px-6 py-12 sm:px-12 sm:py-20">
      <Weave place="hero" />
      <div className="relative max-w-[28rem]">
        <h1 className="font-semibold text-figure tracking-[-0.03em]">{title}</h1>
        <p className="mt-5 text-lg text-on-deep-soft">{lead}</p>
        <div className="mt-9 flex flex-wrap gap-3">{actions}</div>
        {promises.length === 0 ? null : (
          <ul className="mt-10 space-y-2.5 border-deep-line border-t pt-7">
            {promises.map((promise) => (
              <li key={promise} className="flex gap-3">
                <span className="mt-0.5 text-brass">
                  <Icon name="check" />
                </span>
                {promise}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
