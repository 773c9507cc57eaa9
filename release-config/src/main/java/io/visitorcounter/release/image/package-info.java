/** Reads an app image, makes the release image from it, and stores both: an
 *  {@link io.visitorcounter.release.image.Image} is a manifest and a config as bytes, named by the manifest's digest; a
 *  {@link io.visitorcounter.release.image.Layer} is one of its parts; an
 *  {@link io.visitorcounter.release.image.ImageStore} is where images are stored: a folder of tars, or a repository of
 *  a registry. An {@link io.visitorcounter.release.image.ImageDeclaration} is what an image says about its process.
 *  Knows the room above. */
@NullMarked
package io.visitorcounter.release.image;

import org.jspecify.annotations.NullMarked;
