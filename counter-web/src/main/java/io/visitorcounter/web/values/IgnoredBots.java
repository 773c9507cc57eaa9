package io.visitorcounter.web.values;

/** Which visits of known bots are answered but not counted. */
public enum IgnoredBots {
    /** None. */
    NONE,
    /** Those of the page. */
    PAGE,
    /** All. */
    ALL
}
