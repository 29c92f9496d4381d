package dev.millrace.api.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * The groups of a metric over a window: highest first, those of one value by their keys.
 *
 * <p>The first {@value #TOP} are ready; the order of all is made when somebody first asks for more.
 */
public final class Ranking {
    /** How many groups are sent without being asked for. */
    public static final int TOP = 10;

    /** No groups. */
    public static final Ranking EMPTY = new Ranking(new String[0], new int[0], null, null);

    private final String[] names;
    private final int[] groups;
    private final GroupNumbers values;
    private final GroupNumbers previous;
    private final int size;
    private final List<Group> top;
    private int[] order;

    /**
     * A ranking of groups that are known by their index.
     *
     * @param names the groups' keys by index
     * @param groups the indexes of the groups that are there
     * @param values the window's numbers
     * @param previous those of the window before; {@code null}: none
     */
    public Ranking(String[] names, int[] groups, GroupNumbers values, GroupNumbers previous) {
        this(names, groups, values, previous, groups.length);
    }

    private Ranking(
            String[] names, int[] groups, GroupNumbers values, GroupNumbers previous, int size) {
        this.size = size;
        this.names = names;
        this.groups = groups;
        this.values = values;
        this.previous = previous;
        this.top = selectTop();
    }

    /**
     * A ranking of groups whose numbers are known already.
     *
     * @param groups in any order
     * @param size how many groups there are, those that are not known included
     */
    public static Ranking of(List<Group> groups, int size) {
        return new Ranking(
                groups.stream().map(Group::key).toArray(String[]::new),
                IntStream.range(0, groups.size()).toArray(),
                new KnownGroups(groups, Group::value),
                new KnownGroups(groups, Group::previous),
                size);
    }

    /** How many groups there are. */
    public int size() {
        return size;
    }

    /** The first {@value #TOP}. */
    public List<Group> top() {
        return top;
    }

    /**
     * The first groups, found without putting all in order.
     *
     * @param limit how many at most, at least 1
     */
    public List<Group> first(int limit) {
        if (limit <= TOP || limit >= groups.length) {
            return page(0, limit);
        }
        // the last of the best so far is looked at first: nearly all groups come after it
        PriorityQueue<Integer> best = new PriorityQueue<>(limit, (a, b) -> compare(b, a));
        for (int group : groups) {
            if (best.size() < limit) {
                best.add(group);
            } else if (compare(group, best.element()) < 0) {
                best.remove();
                best.add(group);
            }
        }
        return best.stream().sorted(this::compare).map(this::group).toList();
    }

    /** At most {@code limit} groups after the first {@code offset}. */
    public List<Group> page(long offset, int limit) {
        if (offset >= groups.length) {
            return List.of();
        }
        int first = (int) offset;
        int end = Math.min(groups.length, first + limit);
        if (end <= top.size()) {
            return top.subList(first, end);
        }
        int[] sorted = order();
        List<Group> page = new ArrayList<>(end - first);
        for (int i = first; i < end; i++) {
            page.add(group(sorted[i]));
        }
        return page;
    }

    /** Keeps the best so far in order; nearly all groups fail the one comparison with its last. */
    private List<Group> selectTop() {
        int[] best = new int[Math.min(TOP, groups.length)];
        int found = 0;
        for (int group : groups) {
            if (found == best.length && compare(best[found - 1], group) <= 0) {
                continue;
            }
            int at = found < best.length ? found++ : found - 1;
            while (at > 0 && compare(best[at - 1], group) > 0) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = group;
        }
        return Arrays.stream(best).mapToObj(this::group).toList();
    }

    private synchronized int[] order() {
        if (order == null) {
            order =
                    Arrays.stream(groups)
                            .boxed()
                            .sorted(this::compare)
                            .mapToInt(Integer::intValue)
                            .toArray();
        }
        return order;
    }

    private int compare(int a, int b) {
        int byValue = values.compare(b, a);
        return byValue == 0 ? names[a].compareTo(names[b]) : byValue;
    }

    private Group group(int index) {
        return new Group(
                names[index],
                values.value(index),
                previous == null ? null : previous.value(index),
                values.detail(index));
    }
}
