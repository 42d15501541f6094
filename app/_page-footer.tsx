import { Footer } from '#components/shell/footer';
import { regulatoryLine } from '#lib/connections/wording/regulatory';
import { env } from '#lib/env/env';

export function PageFooter() {
  const { company, trueLayer } = env();
  const links = company.privacyUrl === null ? [] : [{ href: company.privacyUrl, label: 'Privacy' }];
  return (
    <Footer links={links}>
      <p>
        {regulatoryLine({
          companyName: company.name,
          companyFirmReference: company.firmReference,
          clientRole: trueLayer.clientRole,
        })}
      </p>
    </Footer>
  );
}
