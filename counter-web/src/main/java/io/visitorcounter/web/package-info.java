/** The web app: {@code Main} starts it with the process' variables, {@code App} wires the rooms, {@code Server} listens
 *  and stops, {@code Routes} is the URL table. May know every other room of the web app, and {@code core}. */
@NullMarked
package io.visitorcounter.web;

import org.jspecify.annotations.NullMarked;
