using Xunit;

// Most of a test is waiting for other processes.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
