import type { MetadataRoute } from 'next';

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Linkwell',
    short_name: 'Linkwell',
    description: 'See what you share with your banks, until when, and stop whenever you like.',
    id: '/',
    start_url: '/accounts',
    scope: '/',
    display: 'standalone',
    lang: 'en-GB',
    background_color: '#f4f6f7',
    theme_color: '#06303b',
    icons: [
      { src: '/icons/mark.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
      { src: '/icons/mark-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: '/icons/mark-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: '/icons/mark-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
