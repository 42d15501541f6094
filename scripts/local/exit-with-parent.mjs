// Preloaded into every program that `npm start` runs: when the starter is gone, however it went, its pipe closes. Programs
// that those start in turn inherit the preload and have no such pipe.
if (process.env.LINKWELL_STARTER === String(process.ppid)) {
  process.stdin.on('error', () => undefined);
  process.stdin.on('close', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  process.stdin.unref();
}
