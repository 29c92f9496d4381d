package dev.millrace.embedded.documents;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * What is chosen from several sources, one after the other. Each is opened when the one before it
 * is at its end, and nothing is held but the next one.
 *
 * @param <P> what a source is opened from
 * @param <S> what a source gives
 * @param <T> what is made of it
 */
final class Candidates<P, S, T> implements Iterator<T> {

    private final Iterator<P> sources;
    private final Function<P, Iterator<S>> open;
    private final Function<S, T> choose;
    private Iterator<S> source;
    private T next;

    /**
     * Candidates of sources.
     *
     * @param choose gives {@code null} for what is left out
     */
    Candidates(Iterator<P> sources, Function<P, Iterator<S>> open, Function<S, T> choose) {
        this.sources = sources;
        this.open = open;
        this.choose = choose;
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            if (source != null && source.hasNext()) {
                next = choose.apply(source.next());
            } else if (sources.hasNext()) {
                source = open.apply(sources.next());
            } else {
                return false;
            }
        }
        return true;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var chosen = next;
        next = null;
        return chosen;
    }
}
