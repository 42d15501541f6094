import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import './globals.css';

const hanken = localFont({
  src: '../node_modules/@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2',
  variable: '--font-hanken',
  weight: '100 900',
  display: 'swap',
  adjustFontFallback: 'Arial',
});

export const metadata: Metadata = {
  title: { default: 'Linkwell', template: '%s · Linkwell' },
  description: 'See what you share with your banks, until when, and stop whenever you like.',
  applicationName: 'Linkwell',
  formatDetection: { telephone: false, date: false, email: false, address: false },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f3f8f8' },
    { media: '(prefers-color-scheme: dark)', color: '#0a1417' },
  ],
};

// Every page belongs to one person and carries that response's nonce: nothing is made at build time.
export const dynamic = 'force-dynamic';

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en-GB" className={hanken.variable}>
      <body>
        <a
          href="#main"
          className="sr-only focus-visible:not-sr-only focus-visible:absolute focus-visible:top-3 focus-visible:left-3 focus-visible:z-50 focus-visible:rounded-control focus-visible:bg-surface focus-visible:px-4 focus-visible:py-3 focus-visible:font-semibold focus-visible:text-brand"
        >
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  );
}
