package io.visitorcounter.core;

import java.time.LocalDate;

/** About how many unique visitors were noted on one day.
 *
 *  @param day in UTC
 *  @param visitors an estimate, at least 1; its standard error is {@link #STANDARD_ERROR} of it, and less where there are
 *         only hundreds */
public record DailyVisitors(LocalDate day, long visitors) {

    /** How many days every store keeps, the current one included; also the longest range that is read. */
    public static final int KEPT_DAYS = 31;

    /** The standard error of an estimate, as a part of it: 1.04 / √16384. Two of three estimates are at most so far off, and
     *  997 of 1000 at most three times as far. */
    public static final double STANDARD_ERROR = 0.0081;
}
