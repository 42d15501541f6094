import { PermissionList } from '#components/consent/permission-list';
import { RegulatoryNote } from '#components/consent/regulatory-note';
import { DefinitionList } from '#components/ui/definition-list';
import { Section } from '#components/ui/section';
import type { ConsentWording } from '#lib/connections/wording/consent-wording';

type ConsentTermsProps = { wording: ConsentWording; canSeeTitle?: string; regulatoryTitle?: string };

/** All that a yes is said to, drawn from the object that is kept with it. What TrueLayer's own screen says is empty in it. */
export function ConsentTerms({
  wording,
  canSeeTitle = 'What can be seen',
  regulatoryTitle = 'Who reads your accounts',
}: ConsentTermsProps) {
  const terms = [
    { term: 'For how long', value: wording.duration },
    { term: 'How far back', value: wording.history },
    { term: 'Who sees it', value: wording.sharing },
    { term: 'How to stop', value: wording.stopping },
  ];
  return (
    <div className="space-y-10">
      {wording.cannot.length === 0 ? (
        <Section id="why" title="Why we ask">
          <DefinitionList items={wording.groups.map(({ title, purpose }) => ({ term: title, value: purpose }))} />
        </Section>
      ) : (
        <PermissionList
          canSeeTitle={canSeeTitle}
          cannotTitle="What nobody can do or see"
          canSee={wording.groups.map(({ id, title, lines, purpose }) => ({ id, title, details: lines, purpose }))}
          cannot={wording.cannot}
        />
      )}
      <DefinitionList items={terms.filter(({ value }) => value !== '')} />
      <RegulatoryNote
        title={regulatoryTitle}
        paragraphs={wording.regulatory}
        links={wording.links.map(({ url, label }) => ({ href: url, label }))}
      />
    </div>
  );
}
