import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseYAML } from 'confbox/yaml';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { EnvError, parseEnv, VARIABLE_NAMES } from '#lib/env/env';
import { SECRET_NAMES } from '#lib/env/secret-files';
import { root } from '#scripts/local/paths';
import { isPinned } from './image-reference.ts';
import { readDockerfile } from './read-dockerfile.ts';

const folder = path.join(root, 'deploy/kubernetes');
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

const Labels = z.record(z.string(), z.string());
const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) });
const Container = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().default(false) })),
});
const Pod = z.object({
  metadata: z.object({ labels: Labels }),
  spec: z.object({
    automountServiceAccountToken: z.literal(false),
    securityContext: z.object({
      runAsNonRoot: z.literal(true),
      runAsUser: z.literal(10001),
      seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
    }),
    containers: z.tuple([Container]),
    volumes: z.array(
      z.object({
        name: z.string(),
        secret: z.object({ secretName: z.string() }).optional(),
        emptyDir: z.object({ sizeLimit: z.string() }).optional(),
      }),
    ),
  }),
});
const Selector = z.object({ matchLabels: Labels });
const named = <Kind extends string>(kind: Kind) => ({
  kind: z.literal(kind),
  metadata: z.object({ name: z.string() }),
});

const Manifest = z.discriminatedUnion('kind', [
  z.object({ ...named('Namespace') }),
  z.object({ ...named('ConfigMap'), data: z.record(z.string(), z.string()) }),
  z.object({ ...named('Deployment'), spec: z.object({ replicas: z.number(), selector: Selector, template: Pod }) }),
  z.object({ ...named('Job'), spec: z.object({ template: Pod }) }),
  z.object({
    ...named('Service'),
    spec: z.object({ selector: Labels, ports: z.tuple([z.object({ targetPort: z.string() })]) }),
  }),
  z.object({ ...named('PodDisruptionBudget'), spec: z.object({ selector: Selector, minAvailable: z.number() }) }),
  z.object({
    ...named('NetworkPolicy'),
    spec: z.object({
      podSelector: z.object({ matchLabels: Labels.default({}) }),
      policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
      ingress: z.array(z.object({ ports: z.array(z.object({ port: z.number() })) })).default([]),
      egress: z.array(z.object({ ports: z.array(z.object({ protocol: z.string(), port: z.number() })) })).default([]),
    }),
  }),
]);
type Manifest = z.infer<typeof Manifest>;

const { resources } = z.object({ resources: z.array(z.string()) }).parse(parseYAML(read('kustomization.yaml')));
/** What `kubectl kustomize` renders, except for the namespace that it adds to each. */
const manifests = resources.flatMap((file) =>
  read(file)
    .split(/^---$/m)
    .map((document) => Manifest.parse(parseYAML(document))),
);

function ofKind<Kind extends Manifest['kind']>(kind: Kind) {
  return manifests.filter((each): each is Extract<Manifest, { kind: Kind }> => each.kind === kind);
}

const pods = [...ofKind('Deployment'), ...ofKind('Job')].map(({ metadata, spec }) => ({
  name: metadata.name,
  labels: spec.template.metadata.labels,
  volumes: spec.template.spec.volumes,
  container: spec.template.spec.containers[0],
}));
const [config] = ofKind('ConfigMap');
const packageJson = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));

test('the kustomization renders every manifest of the folder', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
  expect(resources.toSorted()).toEqual(files.toSorted());
  expect(pods.map(({ name }) => name)).toEqual(['linkwell-web', 'linkwell-worker', 'linkwell-migrate']);
});

/** Read by Next.js' server: the address that it listens on. */
const PLATFORM_VARIABLES = ['HOSTNAME'];

test('sets no variable that is not read', () => {
  const known = [...VARIABLE_NAMES, ...SECRET_NAMES.map((name) => `${name}_FILE`), ...PLATFORM_VARIABLES];
  const set = [...Object.keys(config?.data ?? {}), ...pods.flatMap(({ container }) => container.env.map(nameOf))];
  expect(set).toContain('DATABASE_URL_FILE');
  expect(set.filter((name) => !known.includes(name))).toEqual([]);
});

test('sets everything that the boot requires', () => {
  const data = config?.data ?? {};
  // The files exist in the cluster only: what they contain is not the subject here, that they are named is.
  const [plain, files] = [withoutFiles(data), Object.keys(data).filter((name) => name.endsWith('_FILE'))];
  const missing = problemsOf(plain).flatMap((problem) => /^([A-Z_]+) is missing/.exec(problem)?.[1] ?? problem);
  expect(missing.toSorted()).toEqual([
    'DATABASE_URL',
    'NEXTAUTH_SECRET',
    'SESSION_SECRET',
    'SMTP_URL',
    'TOKEN_SEALING_KEYS',
  ]);
  expect(missing.filter((name) => !files.includes(`${name}_FILE`))).toEqual([]);
});

const nameOf = ({ name }: { name: string }) => name;

function withoutFiles(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !name.endsWith('_FILE')));
}

function problemsOf(source: Record<string, string>): readonly string[] {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

test('every secret file is under the folder where the secret is mounted, and README.md says how to make it', () => {
  const readme = read('README.md');
  for (const { name, container, volumes } of pods) {
    const mounted = container.volumeMounts.find((mount) => mount.name === 'secrets');
    expect(mounted?.readOnly, name).toBe(true);
    const secretName = volumes.find((volume) => volume.name === 'secrets')?.secret?.secretName ?? '';
    const command = readme.split(`secret generic ${secretName} `)[1]?.split('kubectl')[0] ?? '';
    for (const file of filesOf(container)) {
      expect(path.dirname(file), name).toBe(mounted?.mountPath);
      expect(command, secretName).toMatch(new RegExp(`--from-file=${path.basename(file)}\\s`));
    }
  }
});

function filesOf({ env, envFrom }: z.infer<typeof Container>): string[] {
  const settings = [
    ...(envFrom.length > 0 ? Object.entries(config?.data ?? {}) : []),
    ...env.map(({ name, value }) => [name, value] as const),
  ];
  const files = settings.filter(([name]) => name.endsWith('_FILE')).map(([, value]) => value);
  expect(files.length).toBeGreaterThan(0);
  return files;
}

test('images are our own, pinned to this version, and run what they are for', () => {
  const { stages } = readDockerfile(readFileSync(path.join(root, 'Dockerfile'), 'utf8'));
  for (const { container } of pods) {
    const [, stage = '', version] = /^linkwell-(\w+):(.+)$/.exec(container.image) ?? [];
    expect(isPinned(container.image)).toBe(true);
    expect(version).toBe(packageJson.version);
    expect(stages.map(nameOf)).toContain(stage);
    // Without a command of its own a container runs the image's.
    if (container.command === undefined) expect(stage).toBe(container.name);
    else expect(container.command.join(' ')).toBe(packageJson.scripts[container.name]);
  }
});

test('web is probed where the app has routes, on the port that it listens on', () => {
  const web = pods.find(({ name }) => name === 'linkwell-web')?.container;
  expect(web?.livenessProbe?.httpGet.path).toBe('/api/health');
  expect(web?.startupProbe?.httpGet.path).toBe('/api/health');
  expect(web?.readinessProbe?.httpGet.path).toBe('/api/ready');
  for (const route of ['health', 'ready']) expect(existsSync(path.join(root, `app/api/${route}/route.ts`))).toBe(true);
  expect(web?.ports).toEqual([
    { name: 'http', containerPort: Number(web?.env.find(({ name }) => name === 'PORT')?.value) },
  ]);
  expect(ofKind('Service').map(({ spec }) => spec.ports[0].targetPort)).toEqual(['http']);
});

test('every selector matches the pods of its own workload and no others', () => {
  const matching = (selector: Record<string, string>) =>
    pods.filter(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value)).map(nameOf);
  for (const { metadata, spec } of [...ofKind('Deployment'), ...ofKind('PodDisruptionBudget')]) {
    expect(matching(spec.selector.matchLabels), metadata.name).toEqual([metadata.name]);
  }
  for (const { metadata, spec } of ofKind('Service')) expect(matching(spec.selector)).toEqual([metadata.name]);
  for (const { spec } of ofKind('Deployment')) expect(spec.replicas).toBeGreaterThan(1);
});

test('/tmp is the only folder that a container can write to', () => {
  for (const { name, container, volumes } of pods) {
    const writable = container.volumeMounts.filter(({ readOnly }) => !readOnly);
    expect(
      writable.map(({ mountPath }) => mountPath),
      name,
    ).toEqual(['/tmp']);
    expect(volumes.find((volume) => volume.name === writable[0]?.name)?.emptyDir).toBeDefined();
  }
});

test('the network is closed except for web’s port, the database, name resolution, https and mail', () => {
  const policies = ofKind('NetworkPolicy');
  const [closed, ...open] = policies;
  expect(closed?.spec).toEqual({
    podSelector: { matchLabels: {} },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [],
  });
  const ports = (direction: 'ingress' | 'egress') =>
    open.flatMap(({ spec }) => spec[direction].flatMap((rule) => rule.ports.map(({ port }) => port)));
  expect(ports('ingress')).toEqual([3000]);
  expect([...new Set(ports('egress'))].toSorted((one, other) => one - other)).toEqual([53, 443, 465, 587, 5432]);
});
