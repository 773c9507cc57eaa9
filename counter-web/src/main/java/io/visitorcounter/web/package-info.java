/** The web app: {@code Main} wires the rooms, the {@code Server} listens and stops, the {@code Routes} are the URL
 *  table. May know every other room of the web app, and {@code core}. */
@NullMarked
package io.visitorcounter.web;

import org.jspecify.annotations.NullMarked;
