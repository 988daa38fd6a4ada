/** What the loader's parts find around them: loader.js is the function they all stand in. */
declare var settings: any;
