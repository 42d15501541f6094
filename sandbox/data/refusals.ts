import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Status and words of every code of the Data API. */
const table = {
  validation_error: [400, 'The supplied parameters are not valid.'],
  invalid_date_range: [400, 'Invalid date range provided.'],
  deprecated_provider: [400, 'The provider has been deprecated.'],
  unauthorized: [401, 'The token is missing or no longer valid.'],
  invalid_token: [401, 'The token is malformed or has expired.'],
  access_denied: [403, 'Access to a specific resource has been denied.'],
  invalid_credentials_key: [403, 'The credentials key is not valid.'],
  sca_exceeded: [
    403,
    'SCA exemption has expired. This resource is protected and should be accessed shortly after PSU Authentication. In order to access this resource, please have the PSU re-authenticate.',
  ],
  account_permanently_locked: [403, 'The account is permanently locked.'],
  account_temporarily_locked: [403, 'The account is temporarily locked.'],
  user_input_required: [403, 'The provider needs an action from the user.'],
  wrong_credentials: [403, 'The provider refused the credentials.'],
  account_not_found: [404, 'account not found'],
  not_found: [404, 'not found'],
  provider_too_many_requests: [429, 'Provider rate limit exceeded.'],
  provider_request_limit_exceeded: [429, 'Maximum number of requests per user allowed by provider exceeded.'],
  internal_server_error: [500, 'Internal server error.'],
  internal_error: [500, 'Internal server error.'],
  endpoint_not_supported: [501, 'Feature not supported by the provider'],
  provider_error: [503, 'The provider service is unavailable.'],
  temporarily_unavailable: [503, 'The provider service is unavailable.'],
  connector_overload: [503, 'The connector service is currently overloaded.'],
  connector_timeout: [504, 'The connector service timed out.'],
  provider_timeout: [504, 'The provider service timed out.'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

export type RefusalCode = keyof typeof table;

export type Refusal = {
  error: RefusalCode;
  description?: string;
  providerDetails?: string;
  /** Some banks say no without a word. */
  hasEmptyBody?: boolean;
};

export function statusOf(error: RefusalCode): ContentfulStatusCode {
  return table[error][0];
}

export function describe({ error, description }: Refusal): string {
  return description ?? table[error][1];
}

export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(table, text);
}

export function toErrorBody(refusal: Refusal) {
  const { error, providerDetails } = refusal;
  const error_details = providerDetails === undefined ? {} : { provider_details: providerDetails };
  return { error, error_description: describe(refusal), error_details };
}
