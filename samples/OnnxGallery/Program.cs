using Acceleration.Onnx;
using Acceleration.OnnxGallery;
using Acceleration.Samples;

return SampleProgram.Run(args, OnnxGalleryOptions.Parse, OnnxGalleryOptions.Usage, "report", (options, stop) =>
{
    try
    {
        return options.Networks.All(name => NetworkPage.Write(name, options, stop)) ? 0 : SampleProgram.Stopped;
    }
    catch (OnnxException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
