import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.tsx';
import { Icon, type IconName } from './icon.tsx';
import { RouteLink, type RouteLinkProps } from './route-link.tsx';

type LinkButtonProps = Omit<RouteLinkProps, 'className'> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  isWide?: boolean;
  icon?: IconName;
};

/** Goes somewhere, and looks like the step to take. */
export function LinkButton({ variant, size, isWide, icon, children, ...link }: LinkButtonProps) {
  return (
    <RouteLink {...link} className={buttonClass({ variant, size, isWide })}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </RouteLink>
  );
}
