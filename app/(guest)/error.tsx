'use client';

export { BrokenPage as default } from '../_broken-page.tsx';
