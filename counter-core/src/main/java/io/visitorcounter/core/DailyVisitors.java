package io.visitorcounter.core;

import java.time.LocalDate;

/** An estimate of the unique visitors that were noted on one day.
 *
 *  @param day in UTC
 *  @param visitors an estimate, at least 1; its standard error is {@link #STANDARD_ERROR} of the number, and less for a
 *         few hundred visitors */
public record DailyVisitors(LocalDate day, long visitors) {

    /** How many days every store keeps, the current one included; also the longest range that can be read. */
    public static final int KEPT_DAYS = 31;

    /** The relative standard error of an estimate: 1.04 / √16384. Two of three estimates are within it, and 997 of 1000
     *  within three times as much. */
    public static final double STANDARD_ERROR = 0.0081;
}
