using Acceleration.Gallery;
using Acceleration.Samples;

var weights = Path.Combine(AppContext.BaseDirectory, "weights");
return SampleProgram.Run(args, GalleryOptions.Parse, GalleryOptions.Usage, "report", (options, stop) => options.Chapter switch
{
    SolverChapter.Name => SolverChapter.Run(options, weights, stop),
    CachingChapter.Name => CachingChapter.Run(options, weights, stop),
    PresetChapter.Name => PresetChapter.Run(options, weights, stop),
    CombinationChapter.Name => CombinationChapter.Run(options, weights, stop),
    _ => ComparisonChapter.Run(options, weights, stop),
});
