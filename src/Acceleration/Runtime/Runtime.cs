using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Settings of the whole process that make libtorch faster on the CPU. Nothing in the library calls this by itself.</summary>
public static class Runtime
{
    private const int MostThreads = 1024;

    private static readonly string[] ThreadVariables = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    private static readonly Lock Gate = new();

    /// <summary>Loads libtorch, as the first operator does otherwise. Called first, it has a library that does not load refused with the reason and the remedy.</summary>
    /// <exception cref="TorchLoadException">It does not load.</exception>
    public static void Load() => NativeTorch.Require();

    /// <summary>Sets threads and allocator; best called once, before the first operator, on the thread that computes. Calling it
    /// again changes nothing unless the options ask for another number of threads.</summary>
    /// <param name="options">What may change; null for the defaults.</param>
    /// <returns>What was done, and what was left and why. Systems without such settings are left as they are.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="RuntimeOptions.Threads"/> is outside 1 to 1024.</exception>
    /// <exception cref="TorchLoadException">libtorch does not load; the message says why and what helps.</exception>
    public static RuntimeReport Tune(RuntimeOptions? options = null)
    {
        options ??= new();
        if (options.Threads is < 1 or > MostThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, $"Threads must be 1 to {MostThreads}.");
        }

        lock (Gate)
        {
            // First the allocator, because the first operator already allocates.
            var allocator = options.Allocator ? GlibcAllocator.KeepMemory() : new("allocator", false, "left, as asked");
            Load();
            var threads = SetThreads(options.Threads);
            return new(get_num_threads(), [threads, allocator]);
        }
    }

    private static RuntimeSetting SetThreads(int? asked)
    {
        var now = get_num_threads();
        if (asked is { } threads)
        {
            return now == threads ? Threads(false, $"already {now}, as asked") : Change(threads, "as asked");
        }

        if (ThreadVariables.FirstOrDefault(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))) is { } variable)
        {
            return Threads(false, $"left at {now}, because the environment sets {variable}");
        }

        if (now < Environment.ProcessorCount)
        {
            return Threads(false, $"left at {now}, fewer than the {Environment.ProcessorCount} processors, because something chose that");
        }

        return PhysicalCores.Count() switch
        {
            null => Threads(false, $"left at {now}, because the system does not tell physical cores"),
            { } cores when cores == now => Threads(false, $"already {now}, one per physical core"),
            { } cores => Change(cores, "one per physical core"),
        };
    }

    // Routes measured with another number of threads need not be the best any more.
    private static RuntimeSetting Change(int threads, string reason)
    {
        set_num_threads(threads);
        OperatorRoutes.Forget();
        return Threads(true, $"set to {threads}, {reason}");
    }

    private static RuntimeSetting Threads(bool changed, string explanation) => new("threads", changed, explanation);
}
