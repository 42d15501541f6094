/** Set when the app is built (next.config.js): false in every build but a local one, which then doesn't contain the trial controls. */
declare const HAS_DEMO: boolean;
