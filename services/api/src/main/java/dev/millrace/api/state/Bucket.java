package dev.millrace.api.state;

/** What one bucket of a metric holds. Groups and values are numbers of {@link Names}. */
sealed interface Bucket {
    /** The metric over this bucket alone. */
    long total();

    /** How many numbers or values are kept in memory. */
    int cells();

    /** One number: {@code count} and {@code sum}. */
    record Total(long total) implements Bucket {
        static final Total ZERO = new Total(0);

        @Override
        public int cells() {
            return 1;
        }
    }

    /** A number for each group: {@code count} and {@code sum} with {@code by}. */
    record Cells(int[] groups, long[] values, long total) implements Bucket {
        @Override
        public int cells() {
            return groups.length;
        }
    }

    /** Different values: {@code unique}. */
    record Members(int[] values) implements Bucket {
        @Override
        public long total() {
            return values.length;
        }

        @Override
        public int cells() {
            return values.length;
        }
    }

    /**
     * Different values of each group: {@code unique} with {@code by}.
     *
     * @param members by the group's number; {@code null} for a group that is not there
     * @param total how many different values there are in all groups together
     */
    record GroupedMembers(int[][] members, long total, int cells) implements Bucket {
        /** The values of a group; {@code null} where it is not there. */
        int[] of(int group) {
            return group < members.length ? members[group] : null;
        }
    }
}
