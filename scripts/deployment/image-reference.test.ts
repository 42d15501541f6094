import { expect, test } from 'vitest';
import { isPinned } from './image-reference.ts';

const DIGEST = `sha256:${'0f'.repeat(32)}`;

test.each([
  'node:24.21.0-bookworm-slim',
  'postgres:18.4-bookworm',
  'registry.example.com:5000/linkwell-web:0.1.0',
  `node:24-bookworm-slim@${DIGEST}`,
])('%s is pinned', (reference) => {
  expect(isPinned(reference)).toBe(true);
});

test.each([
  'node',
  'node:latest',
  'node:24',
  'node:24-bookworm-slim',
  'postgres:18-bookworm',
  'node:lts-slim',
  'registry.example.com:5000/linkwell-web',
  'node:24.21.0@sha256:abc',
])('%s is not pinned', (reference) => {
  expect(isPinned(reference)).toBe(false);
});
