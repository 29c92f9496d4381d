package dev.millrace.api.window;

/** The numbers of a metric's groups, by the groups' index. */
public interface GroupNumbers {
    /** The number of a group; {@code null} where it has none. Any index may be asked for. */
    Number value(int group);

    /** Which of two groups that are there is less: negative for the first one. */
    int compare(int a, int b);

    /** What is told of a group besides its number; {@code null}: nothing. */
    default Detail detail(int group) {
        return null;
    }
}
