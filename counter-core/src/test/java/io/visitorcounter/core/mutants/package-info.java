/** Stores with one fault each, which the contract has to find: a contract that only passes good stores proves nothing.
 *  Knows {@code core}, {@code core.spi} and the contract. */
@NullMarked
package io.visitorcounter.core.mutants;

import org.jspecify.annotations.NullMarked;
