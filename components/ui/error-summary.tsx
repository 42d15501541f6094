import { Icon } from './icon.tsx';

type ErrorSummaryProps = {
  /** One entry for each field, in the order of the page. `fieldId` is what the link moves to. */
  errors: readonly { fieldId: string; message: string }[];
  title?: string;
};

/** Stands above a form that was refused. Nothing is drawn when nothing was wrong. */
export function ErrorSummary({ errors, title = 'Please check this form' }: ErrorSummaryProps) {
  if (errors.length === 0) return null;
  return (
    <div role="alert" className="mb-7 rounded-panel border-2 border-danger bg-surface p-5">
      <h2 className="flex items-center gap-2.5 font-semibold text-danger">
        <Icon name="alert" size="lg" />
        {title}
      </h2>
      <ul className="mt-1">
        {errors.map((error) => (
          <li key={error.fieldId}>
            <a
              href={`#${error.fieldId}`}
              className="inline-flex min-h-11 items-center rounded-sm font-medium text-danger underline decoration-1 underline-offset-4 hover:decoration-2"
            >
              {error.message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
